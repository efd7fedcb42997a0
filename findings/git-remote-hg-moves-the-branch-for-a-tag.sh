#!/bin/sh
# Packages: git-remote-hg 1.0.4, mercurial 6.3.2, git 2.39.5 (Debian 12)
# Guess:    `git push origin v1` of a tag brings the tag to the other side and moves no branch.
# Seen:     Mercurial keeps tags in a file of the tree, and the push commits it there, on the branch: who pushed has a commit less than the server from then on, and the next push of
#           the branch is refused. The message of an annotated tag is that of the commit, the tagger its author.
. "$(dirname "$0")/lib.sh"
with_git git-remote-hg=1.0.4~ds-1 mercurial=6.3.2-1+deb12u1 mercurial-common=6.3.2-1+deb12u1
with_python
export HGRCPATH="$T/hgrc"
printf '[ui]\nusername=Bo <bo@example.org>\n' >hgrc
hg() { "$PYTHON" "$T/root/usr/bin/hg" "$@"; }
hg init server && echo one >server/file && hg -R server commit -qAm one && hg -R server update -q null
printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$PYTHON" "$T/root/usr/bin/git-remote-hg" >"$T/root/usr/lib/git-core/git-remote-hg" && chmod +x "$T/root/usr/lib/git-core/git-remote-hg"
git clone -q "hg::$T/server" r >clone.log 2>&1 || { tail -3 clone.log; cannot 'git-remote-hg does not run'; }
git -C r tag -a -m 'First release' v1
git -C r push -q origin v1 >push.log 2>&1 || { tail -3 push.log; cannot 'the tag is not pushed'; }
{
  hg -R server log -T '{author|person}: {desc} ({files})\n'
  git -C r commit -q --allow-empty -m two
  git -C r push -q origin master 2>&1 | grep -om1 'rejected' || echo 'the branch is pushed'
} >now
seen 'a tag is a commit' now <<'S'
Ann: First release (.hgtags)
Bo: one (file)
rejected
S
