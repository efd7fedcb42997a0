#!/bin/sh
# Package:  dovecot-sieve 2.3.19.1 (Pigeonhole 0.5.19, Debian 12)
# Guess:    in a Sieve filter `?` of :matches stands for one character (RFC 5228 2.7.1), of whatever length in UTF-8.
# Seen:     it stands for one byte: a rule with `?t?` passes over a subject of three letters, two with accents, and `??t??` takes it. In the
#           same filter :length counts three characters.
. "$(dirname "$0")/lib.sh"
with_deb dovecot-sieve=1:2.3.19.1+dfsg1-2.1+deb12u7 dovecot-core=1:2.3.19.1+dfsg1-2.1+deb12u7 \
  libexttextcat-2.0-0=3.4.5-1 liblua5.4-0=5.4.4-3+deb12u1 libstemmer0d=2.2.0-2 libunwind8=1.6.2-3 libicu72=72.1-3+deb12u1
with_libraries
LD_LIBRARY_PATH="$T/root/usr/lib/dovecot:$LD_LIBRARY_PATH"
printf 'From: ann@example.org\nSubject: \303\251t\303\251\n\ntext\n' >mail
cat >filter.sieve <<'F'
require ["fileinto", "variables"];
if header :matches "subject" "?t?" { fileinto "three characters"; }
if header :matches "subject" "??t??" { fileinto "five bytes"; }
if header :matches "subject" "*" { set :length "length" "${1}"; fileinto "length ${length}"; }
F
# it refuses to work for root
user=$(id -u) as=''
if [ "$user" = 0 ]; then user=65534 as='setpriv --reuid=65534 --regid=65534 --clear-groups'; mkdir -m 777 M && chmod 755 "$T"; fi
$as "$T/root/usr/bin/sieve-test" -c /dev/null -o mail_uid="$user" -o mail_home="$T" -o mail_location="maildir:$T/M" -o base_dir="$T" \
  -o sieve_plugins= filter.sieve mail >out 2>sieve.log || { cat sieve.log; cannot 'sieve-test does not run'; }
grep 'store message' out >now
seen 'three characters are five' now <<'S'
 * store message in folder: five bytes
 * store message in folder: length 3
S
