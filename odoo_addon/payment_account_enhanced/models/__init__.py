from . import res_company
from . import res_config_settings
from . import account_payment
from . import account_move
from . import account_partial_reconcile
from . import payment_voucher
