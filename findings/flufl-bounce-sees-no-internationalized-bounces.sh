#!/bin/sh
# Package:  flufl.bounce 4.0 (python3-flufl.bounce, Debian 12), by which Mailman 3 finds addresses that bounce
# Guess:    a delivery status of a mail server that speaks SMTPUTF8 is read like any other, at least where the address is plain ASCII.
# Seen:     an address of the type utf-8, which RFC 6533 defines, is none, and a part message/global-delivery-status is not looked into: the
#           recipient has not bounced.
. "$(dirname "$0")/lib.sh"
with_deb python3-flufl.bounce=4.0-3 python3-public=2.3-4 python3-zope.interface=5.5.2-1+b1 python3-pkg-resources=66.1.1-1+deb12u2
with_python
cat >run.py <<'P'
from email import message_from_string
from flufl.bounce import all_failures
for part, kind in [('delivery-status', 'rfc822'), ('delivery-status', 'utf-8'), ('global-delivery-status', 'rfc822'), ('global-delivery-status', 'utf-8')]:
    mail = ['From: MAILER-DAEMON@example.org', 'Subject: Undelivered', 'MIME-Version: 1.0',
            'Content-Type: multipart/report; report-type=delivery-status; boundary=b', '', '--b', '', 'Sorry.', '--b',
            'Content-Type: message/' + part, '', 'Reporting-MTA: dns; mail.example.org', '',
            'Final-Recipient: ' + kind + '; ann@example.org', 'Action: failed', 'Status: 5.1.1', '', '--b--', '']
    print(part, kind, sorted(all_failures(message_from_string('\n'.join(mail)))[1]))
P
"$PYTHON" run.py >now
seen 'three of four failures are not seen' now <<'S'
delivery-status rfc822 [b'ann@example.org']
delivery-status utf-8 []
global-delivery-status rfc822 []
global-delivery-status utf-8 []
S
