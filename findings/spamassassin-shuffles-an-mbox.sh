#!/bin/sh
# Package:  spamassassin 4.0.1 (Debian 12)
# Guess:    `spamassassin --mbox <in >out` gives the mails back in the order in which they came.
# Seen:     they come in another order each time. All are there.
. "$(dirname "$0")/lib.sh"
with_deb spamassassin=4.0.1-1~deb12u1 libhtml-parser-perl=3.81-1+deb12u1 libhtml-tagset-perl=3.20-6 liburi-perl=5.17-1 libnet-dns-perl=1.36-1+deb12u1 \
  libsocket6-perl=0.29-3 libnetaddr-ip-perl=4.079+dfsg-2+b1
export PERL5LIB="$T/root/usr/share/perl5:$(echo "$T"/root/usr/lib/*-linux-gnu*/perl5/5.36)"
# without -T, for which PERL5LIB does not count
sed '1s/ -T//' "$T/root/usr/bin/spamassassin" >sa
mkdir rules && echo 'loadplugin Mail::SpamAssassin::Plugin::Check' >rules/check.pre && echo 'header ANN From =~ /ann/' >rules/ann.cf
for n in $(seq 8); do
  printf 'From ann@example.org Mon Jan  2 15:04:0%s 2006\nFrom: ann@example.org\nDate: Mon, 2 Jan 2006 15:04:0%s +0000\nSubject: %s\n\ntext\n\n' $n $n $n
done >in
for run in 1 2; do
  # the seed of perl's hashes: what is left to chance is the same at each run of this script
  PERL_HASH_SEED=$run perl sa -L -x --mbox --siteconfigpath="$T/rules" --configpath="$T/rules" <in 2>sa.log | sed -n 's/^Subject: //p' >out$run
  [ -s out$run ] || { cat sa.log; cannot 'spamassassin does not run'; }
  echo "run $run: $(sort out$run | tr '\n' ' ')in order: $(sort -c out$run 2>/dev/null && echo yes || echo no)"
done >now
echo "the same order twice: $(cmp -s out1 out2 && echo yes || echo no)" >>now
seen 'eight mails in two orders' now <<'S'
run 1: 1 2 3 4 5 6 7 8 in order: no
run 2: 1 2 3 4 5 6 7 8 in order: no
the same order twice: no
S
