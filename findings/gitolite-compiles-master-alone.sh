#!/bin/sh
# Package:  gitolite3 3.6.12 (Debian 12), git 2.39.5
# Guess:    whoever clones gitolite-admin, changes gitolite.conf and pushes without an error has changed the server.
# Seen:     what counts is the branch `master`: a push of `main` (init.defaultBranch) is taken and says nothing, and no repository is
#           made. The same commit pushed to `master` makes it.
. "$(dirname "$0")/lib.sh"
with_git gitolite3=3.6.12-1
export GL_LIBDIR="$T/root/usr/share/gitolite3/lib"
PATH="$T/root/usr/share/gitolite3:$PATH"
gitolite setup -a ann >gitolite.log 2>&1 || cannot 'gitolite is not set up'
# What sshd does: ann's key starts gitolite-shell, with what git asks for.
cat >as-ann <<'S'
#!/bin/sh
shift
SSH_CONNECTION=here SSH_ORIGINAL_COMMAND="$*" exec gitolite-shell ann
S
chmod +x as-ann
export GIT_SSH="$T/as-ann" GIT_SSH_VARIANT=simple
git clone -q host:gitolite-admin admin 2>>gitolite.log || cannot 'gitolite-admin is not cloned'
printf 'repo gitolite-admin\n    RW+ = ann\nrepo project\n    RW+ = ann\n' >admin/conf/gitolite.conf
git -C admin checkout -q -b main 2>>gitolite.log || git -C admin checkout -q main
git -C admin commit -qam 'A repository'
for branch in main master; do
  git -C admin push -q origin "main:$branch" 2>>gitolite.log && code=0 || code=$?
  echo "pushed to $branch: exit $code, project $([ -d repositories/project.git ] && echo 'is there' || echo 'is not there')"
done >now
seen 'a push to another branch of gitolite-admin changes nothing' now <<'S'
pushed to main: exit 0, project is not there
pushed to master: exit 0, project is there
S
