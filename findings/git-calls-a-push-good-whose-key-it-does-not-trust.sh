#!/bin/sh
# Packages: git 2.39.5, openssh-client 9.2, gpg 2.2.40 (Debian 12)
# Guess:    what a post-receive hook finds in GIT_PUSH_CERT_STATUS is what %G? shows for a commit by the same key, as
#           git-receive-pack(1) says: U where nobody vouches for the key.
# Seen:     a certificate of that key is G. With ssh keys, G means that the signature fits some key, which GIT_PUSH_CERT_KEY names; only GIT_PUSH_CERT_SIGNER
#           is empty. With OpenPGP even the name is there.
. "$(dirname "$0")/lib.sh"
with_git openssh-client=1:9.2p1-2+deb12u10 gpg=2.2.40-1.1+deb12u2 gpg-agent=2.2.40-1.1+deb12u2 gpgconf=2.2.40-1.1+deb12u2 \
  libassuan0=2.5.5-5 libksba8=1.6.3-2 libnpth0=1.6-3
with_libraries
export GNUPGHOME="$T/gpg"
mkdir -m 700 gpg
echo "agent-program $T/root/usr/bin/gpg-agent" >gpg/gpg.conf
trap 'cd /; echo killagent | gpg-connect-agent >/dev/null 2>&1; rm -rf "$T"' EXIT
ssh-keygen -q -t ed25519 -N '' -C '' -f key
gpg --batch -q --passphrase '' --quick-gen-key 'Ann <ann@example.org>' rsa2048 sign 2>gpg.log || { cat gpg.log; cannot 'gpg makes no key'; }
fingerprint=$(gpg --list-keys --with-colons 2>/dev/null | sed -n 's/^fpr:*\([0-9A-F]*\):$/\1/p')
echo "$fingerprint:2:" | gpg -q --import-ownertrust 2>/dev/null
: >nobody
git config --global gpg.ssh.allowedSignersFile "$T/nobody"
git init -q --bare s.git
git -C s.git config receive.certNonceSeed seed
printf '#!/bin/sh\necho "certificate $GIT_PUSH_CERT_STATUS, key ${GIT_PUSH_CERT_KEY:+named}, signer: $GIT_PUSH_CERT_SIGNER"\n' >s.git/hooks/post-receive
chmod +x s.git/hooks/post-receive
git init -q w && cd w
for format in ssh openpgp; do
  git config --global gpg.format $format
  [ $format = openpgp ] && git config user.signingKey "$fingerprint" || git config user.signingKey "$T/key"
  git commit -q --allow-empty -S -m $format
  echo "$format: commit $(git log -1 --format=%G? 2>/dev/null)"
  git push --signed "$T/s.git" HEAD:refs/heads/$format 2>&1 | sed -n 's/^remote: \(cert.*[^ ]\) *$/\1/p'
done >"$T/now"
seen 'U for the commit, G for the push' "$T/now" <<'S'
ssh: commit U
certificate G, key named, signer:
openpgp: commit U
certificate G, key named, signer: Ann <ann@example.org>
S
