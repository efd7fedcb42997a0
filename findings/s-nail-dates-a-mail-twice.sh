#!/bin/sh
# Package:  s-nail 14.9.24 (Debian 12)
# Guess:    `mailx -t`, which takes the header of a mail from its input, keeps the Date there, as it keeps Message-ID, In-Reply-To and fields that it does not know,
#           or puts its own in the place.
# Seen:     it does both: the mail has two Date fields, of which RFC 5322 3.6 allows one; the first is the moment of sending.
. "$(dirname "$0")/lib.sh"
with_deb s-nail=14.9.24-2
s-nail -V >/dev/null 2>&1 || cannot 's-nail does not run'
printf '#!/bin/sh\ncat >"%s/sent"\n' "$T" >mta && chmod +x mta
printf '%s: %s\n' From ann@example.org To bo@example.org Subject one Date 'Mon, 2 Jan 2006 15:04:05 +0000' Message-ID '<one@example.org>' X-Own yes >mail
printf '\ntext\n' >>mail
s-nail -n -t -S mta="$T/mta" -S sendwait <mail
sed -n "s/: .* $(date '+%b %Y') .*/: now/; /^\\(Date\\|Message-ID\\|X-Own\\):/p" sent >now
seen 'two dates' now <<'S'
Date: now
Message-ID: <one@example.org>
Date: Mon, 2 Jan 2006 15:04:05 +0000
X-Own: yes
S
