#!/bin/sh
# Packages: jgit 4.11.9 (libjgit-java, Debian 12), git 2.39.5 (Debian 12); any Java
# Guess:    jgit, which runs hooks/post-commit of a repository, runs hooks/post-receive when it takes a push.
# Seen:     it does not, and the push succeeds: nobody hears of it. A server made of jgit has hooks in Java only.
. "$(dirname "$0")/lib.sh"
command -v java >/dev/null || cannot 'no Java'
with_git jgit-cli=4.11.9-2 libjgit-java=4.11.9-2 libargs4j-java=2.33-2 libslf4j-java=1.7.32-1 libjsch-java=0.1.55-1 libjavaewah-java=1.1.7-1
jars="$T/root/usr/share/java"
path=
for jar in org.eclipse.jgit org.eclipse.jgit.pgm org.eclipse.jgit.lfs org.eclipse.jgit.http.apache args4j slf4j-api slf4j-nop jsch javaewah; do
  path="$path:$jars/$jar.jar"
done
printf '#!/bin/sh\nexec java -cp "%s" org.eclipse.jgit.pgm.Main "$@"\n' "${path#:}" >jgit
printf '#!/bin/sh\nexec "%s/jgit" receive-pack "$@"\n' "$T" >receive-pack
chmod +x jgit receive-pack
git init -q w && git -C w commit -q --allow-empty -m one && git -C w branch two
git init -q --bare s.git
for hook in w/.git/hooks/post-commit s.git/hooks/post-receive; do
  printf '#!/bin/sh\necho "  %s runs" >>"%s/now"\n' "${hook##*/}" "$T" >$hook && chmod +x $hook
done
{
  echo 'git takes a push' && git -C w push -q "$T/s.git" main
  echo 'jgit takes a push' && git -C w push -q --receive-pack="$T/receive-pack" "$T/s.git" two 2>/dev/null
  git -C s.git for-each-ref --format='  %(refname) is there' refs/heads/two
  echo 'jgit commits' && cd w && "$T/jgit" commit -m two >/dev/null
} >>now
seen 'no hook runs for a push' "$T/now" <<'S'
git takes a push
  post-receive runs
jgit takes a push
  refs/heads/two is there
jgit commits
  post-commit runs
S
