#!/bin/sh
# Packages: gitolite3 3.6.12, git 2.39.5 (Debian 12)
# Guess:    `config` lines of gitolite.conf are the repository's config: two lines of one key are two values, and a line that is taken out
#           is taken out there.
# Seen:     the last line of a key is its value, so that keys with several values (recipients, say) cannot be written. A line that is
#           taken out stays in the repository; the same line with nothing after `=` has to stand there until all have lost it.
. "$(dirname "$0")/lib.sh"
with_git gitolite3=3.6.12-1
export GL_LIBDIR="$T/root/usr/share/gitolite3/lib"
PATH="$T/root/usr/share/gitolite3:$PATH"
gitolite setup -a ann >gitolite.log 2>&1 || cannot 'gitolite is not set up'
sed -i "s/GIT_CONFIG_KEYS .*/GIT_CONFIG_KEYS => '.*',/" .gitolite.rc
compile() {
  { printf 'repo project\n    RW+ = ann\n'; printf '    config %s\n' "$@"; } >.gitolite/conf/gitolite.conf
  { gitolite compile && gitolite trigger POST_COMPILE; } >>gitolite.log 2>&1 || cannot 'gitolite does not compile'
  git -C repositories/project.git config --get-regexp 'list\..*' | sort
  echo
}
{
  compile 'list.to = ann@example.org' 'list.to = bo@example.org' 'list.cc = cy@example.org'
  compile 'list.to = ann@example.org'
  compile 'list.to = ann@example.org' 'list.cc ='
} >now
seen 'one of two values, and one that was taken out' now <<'S'
list.cc cy@example.org
list.to bo@example.org

list.cc cy@example.org
list.to ann@example.org

list.to ann@example.org

S
