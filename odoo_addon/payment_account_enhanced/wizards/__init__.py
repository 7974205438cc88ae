from . import account_payment_register
from . import payment_override
