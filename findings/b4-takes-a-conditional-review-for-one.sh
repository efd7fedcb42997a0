#!/bin/sh
# Package:  b4 0.12.0 (Debian 12), git 2.39.5
# Guess:    b4 am adds the trailers of the answers to a patch: those that stand at the end of an answer as trailers do, from whoever wrote it.
# Seen:     any line of the form counts wherever it stands, also indented inside a sentence that makes a condition: `With that changed you can add / Reviewed-by: ... / to it.` is a
#           review. So is an objection: Nacked-by is written into the commit. What stands below a signature does not count, and another address is no matter where the name is the same.
. "$(dirname "$0")/lib.sh"
with_git b4=0.12.0-2 python3-dkim=1.1.4-1 python3-dnspython=2.3.0-1+deb12u1 python3-requests=2.28.1+dfsg-1 python3-patatt=0.6.3-1 \
  python3-urllib3=1.26.12-1+deb12u4 python3-chardet=5.1.0+dfsg-2 python3-certifi=2022.9.24-1 python3-idna=3.3-1+deb12u1 python3-pkg-resources=66.1.1-1+deb12u2
with_python
git init -q r && cd r
git commit -q --allow-empty -m start
echo one >file && git add file && git commit -qm 'Add a file'
git format-patch --stdout --thread -1 >../box
id=$(sed -n 's/^Message-Id: <\(.*\)>/\1/Ip' ../box)
answer() {
  echo 'From answer Mon Sep 17 00:00:00 2001'
  printf '%s\n' "From: $1" "Message-ID: <$(echo $1 | sed 's/.*<//')" "In-Reply-To: <$id>" 'Date: Mon, 2 Jan 2006 15:04:05 +0000' 'Subject: Re: [PATCH] Add a file' ''
  cat
}
{
  printf '%s\n' 'With the name changed you can add' '' '  Reviewed-by: Bo <bo@example.org>' '' 'to it.' '' | answer 'Bo <bo@example.org>'
  printf '%s\n' 'No.' '' 'Nacked-by: Cy <cy@example.org>' '' | answer 'Cy <cy@example.org>'
  printf '%s\n' 'Works here.' '' 'Tested-by: Di <di@example.com>' '' | answer 'Di <di@example.org>'
  printf '%s\n' 'Hm.' '-- ' 'Acked-by: Ed <ed@example.org>' '' | answer 'Ed <ed@example.org>'
} >>../box
mkdir ../out
"$PYTHON" "$T/root/usr/bin/b4" --offline-mode am -m ../box -o ../out "$id" >../b4.log 2>&1 || { tail -3 ../b4.log; cannot 'b4 does not run'; }
git checkout -q main~1 && git am -q ../out/*.mbx
git log -1 --format=%b >../now
seen 'a condition and an objection are written into the commit' ../now <<'S'
Reviewed-by: Bo <bo@example.org>
Nacked-by: Cy <cy@example.org>
Tested-by: Di <di@example.com>

S
