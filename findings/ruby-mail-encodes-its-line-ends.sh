#!/bin/sh
# Packages: ruby-mail 2.7.1, ruby 3.1.2 (Debian 12), git 2.39.5
# Guess:    a text with a letter beyond ASCII, which the mail library of Ruby sends as quoted-printable, arrives with the lines that it had.
# Seen:     each line has `=0D` at its end, a carriage return as data, before the line end of the mail. git am finds `quoted CRLF` in a patch and that it does not apply; all-ASCII text is sent
#           as it is. So is a mail that is read and written again, as a mailing list on Ruby does.
. "$(dirname "$0")/lib.sh"
with_git ruby3.1=3.1.7+really3.1.2-0+deb12u1 libruby3.1=3.1.7+really3.1.2-0+deb12u1 ruby-mail=2.7.1+dfsg1-2 ruby-mini-mime=1.1.1-2
with_libraries
ruby="$T/root/usr/lib/ruby"
RUBYLIB="$ruby/vendor_ruby:$ruby/3.1.0:$(echo "$T"/root/usr/lib/*-linux-gnu*/ruby/3.1.0):$ruby/gems/3.1.0/gems/net-smtp-0.3.1/lib:$T/root/usr/share/rubygems-integration/all/gems/mini_mime-1.1.1/lib"
export RUBYLIB
git init -q r && cd r
echo one >file && git add file && git commit -qm start
echo zwei >file && git commit -qam 'Zwei' -m 'Schöner.'
git format-patch --stdout -1 | sed 1d >../patch
cat >../run.rb <<'R'
require 'mail'
patch = Mail.new(File.read('../patch'))
anew = Mail.new { from 'ann@example.org'; subject 'Zwei'; body patch.body.decoded.force_encoding('UTF-8') }
anew.charset = 'UTF-8'
File.binwrite('../made', anew.to_s)
File.binwrite('../again', patch.to_s)
R
"$T/root/usr/bin/ruby3.1" --disable-gems ../run.rb || cannot 'ruby does not run'
for mail in patch made again; do
  git checkout -q --detach main~1
  echo "$mail: $(grep -c '=0D' ../$mail) lines with =0D, $(git am -q ../$mail 2>&1 | head -1)"
  git am --abort 2>../error || :
done >../now
seen 'lines with a carriage return' ../now <<'S'
patch: 0 lines with =0D, 
made: 15 lines with =0D, warning: quoted CRLF detected
again: 15 lines with =0D, warning: quoted CRLF detected
S
