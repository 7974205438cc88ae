from . import ir_actions_report
from . import payment_voucher
