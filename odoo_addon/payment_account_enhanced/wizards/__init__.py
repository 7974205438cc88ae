from . import account_payment_register
from . import account_resequence
from . import payment_override
