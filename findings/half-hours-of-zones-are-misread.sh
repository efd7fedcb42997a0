#!/bin/sh
# Packages: GitPython 3.1.30 (python3-git), reposurgeon 4.35, git 2.39.5 (Debian 12)
# Guess:    a library or converter for git keeps the zone of a date: +0530 is India, -0330 Newfoundland.
# Seen:     GitPython takes 0530 for 5.30 hours, which is 05:18, so that its local times are twelve minutes off; the instant is right. reposurgeon
#           makes -0330 of Newfoundland -0230, an hour to the east, and with it every id new.
. "$(dirname "$0")/lib.sh"
with_git python3-git=3.1.30-1+deb12u3 python3-gitdb=4.0.9-2 python3-smmap=5.0.0-1 reposurgeon=4.35-1+b1
with_python
git init -q r && cd r
for zone in +0530 -0330 +0100; do
  GIT_AUTHOR_DATE="1136214245 $zone" GIT_COMMITTER_DATE="1136214245 $zone" git commit -q --allow-empty -m $zone
done
cat >"$T/run.py" <<'P'
import git
for commit in git.Repo('.').iter_commits():
    print('GitPython', commit.message.strip(), commit.authored_datetime)
P
git log --format='git %s %ai' >"$T/now"
"$PYTHON" "$T/run.py" >>"$T/now"
git fast-export --all >"$T/stream"
reposurgeon "read <$T/stream" "write >$T/written" >"$T/log" 2>&1 || { cat "$T/log"; cannot 'reposurgeon does not run'; }
git init -q "$T/w" && git -C "$T/w" fast-import --quiet <"$T/written" && git -C "$T/w" log --all --format='reposurgeon %s %ai' >>"$T/now"
seen 'twelve minutes and an hour' "$T/now" <<'S'
git +0100 2006-01-02 16:04:05 +0100
git -0330 2006-01-02 11:34:05 -0330
git +0530 2006-01-02 20:34:05 +0530
GitPython +0100 2006-01-02 16:04:05+01:00
GitPython -0330 2006-01-02 11:46:05-03:18
GitPython +0530 2006-01-02 20:22:05+05:18
reposurgeon +0100 2006-01-02 16:04:05 +0100
reposurgeon -0330 2006-01-02 12:34:05 -0230
reposurgeon +0530 2006-01-02 20:34:05 +0530
S
