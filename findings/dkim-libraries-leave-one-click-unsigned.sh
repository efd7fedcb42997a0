#!/bin/sh
# Packages: nodemailer 10.6.1, mailauth 7.1.0 (npm), Mail::DKIM 1.20230212, dkimpy 1.1.4 (Debian 12)
# Guess:    who signs a mail with the defaults of a library covers what makes one click leave a list: RFC 8058 4 asks for a signature of both List-Unsubscribe and
#           List-Unsubscribe-Post.
# Seen:     mailauth, Mail::DKIM and dkimpy sign List-Unsubscribe and leave List-Unsubscribe-Post out, so that a mail program must not offer the click. Fields have to be named
#           for each of them. nodemailer signs both, of late: 10.6.0 did not.
. "$(dirname "$0")/lib.sh"
with_deb libmail-dkim-perl=1.20230212-2~deb12u1 libmail-authenticationresults-perl=2.20230112-1 libcrypt-openssl-rsa-perl=0.33-3+b1 libcrypt-openssl-bignum-perl=0.09-2+b1 \
  libmailtools-perl=2.21-2 libnet-dns-perl=1.36-1+deb12u1 python3-dkim=1.1.4-1 python3-dnspython=2.3.0-1+deb12u1
with_npm nodemailer@10.6.1 mailauth@7.1.0
with_python
export PERL5LIB="$T/root/usr/share/perl5:$(echo "$T"/root/usr/lib/*-linux-gnu*/perl5/5.36)"
node -e "process.stdout.write(crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }))" >key
printf '%s\r\n' 'From: ann@example.org' 'Subject: one' 'List-Unsubscribe: <https://example.org/leave>' 'List-Unsubscribe-Post: List-Unsubscribe=One-Click' '' text >mail
cat >run.cjs <<'J'
const { readFileSync } = require('node:fs');
const { createTransport } = require('nodemailer');
const { dkimSign } = require('mailauth/lib/dkim/sign');
const [raw, privateKey] = [readFileSync('mail'), readFileSync('key', 'utf8')];
const dkim = { domainName: 'example.org', keySelector: 's', privateKey };
const envelope = { from: 'ann@example.org', to: 'bo@example.org' };
const signatureData = [{ signingDomain: 'example.org', selector: 's', privateKey }];
const print = (name, signature) => console.log(`${name}:`, /\bh=([^;]*)/.exec(signature)[1].replace(/\s/g, '').toLowerCase());
(async () => {
  print('nodemailer', String((await createTransport({ streamTransport: true, buffer: true, dkim }).sendMail({ raw, envelope })).message));
  print('mailauth', (await dkimSign(raw, { signatureData })).signatures);
})();
J
node run.cjs >now
perl -MMail::DKIM::Signer -e '
  my $signer = Mail::DKIM::Signer->new(Algorithm => "rsa-sha256", Method => "relaxed", Domain => "example.org", Selector => "s", KeyFile => "key");
  $signer->load(*STDIN);
  print "Mail::DKIM: ", scalar($signer->signature->headerlist), "\n"' <mail >>now
cat >run.py <<'P'
import re, dkim
signature = dkim.sign(open('mail', 'rb').read(), b's', b'example.org', open('key', 'rb').read()).decode()
print('dkimpy:', re.sub(r'\s', '', re.search(r'\bh=([^;]*)', signature)[1]))
P
"$PYTHON" run.py >>now
seen 'a field is not signed' now <<'S'
nodemailer: from:subject:list-unsubscribe:list-unsubscribe-post
mailauth: list-unsubscribe:subject:from
Mail::DKIM: from:subject:list-unsubscribe
dkimpy: from:subject:list-unsubscribe:from
S
