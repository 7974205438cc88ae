"""BSrE's eSign Client Service, played: it signs with pyHanko, an independent program.

`stand_in.StandIn` starts it as a process of its own, in pyHanko's own environment: that needs newer packages than Odoo.
Answers and errors are those that public clients were seen to meet. What none was seen to meet (a wrong TOTP, a certificate
that has ended) is answered without a code, because nobody outside knows the real one.
"""
