/**
 * Every key of each mailer with a value that somebody could have, as the lines of its file. The names were taken from their sources:
 * git-multimail 02175e4, post-receive-email at git 9a19b79e75^, infrastructure-puppet ff92d239, git-hooks d1c4b37, the API of GitLab 17.
 */
export const everyKey: Readonly<Record<string, string>> = {
  'git-multimail': `[multimailhook]
	environment = gitolite
	repoName = tools/mig
	mailingList = All <all@example.org>
	refchangeList = refs@example.org
	announceList = "\\"Announce, all\\" <announce@example.org>, press@example.net"
	commitList = commits@example.org
	commitList = dev@example.org
	announceShortlog = true
	commitEmailFormat = html
	commitBrowseURL = https://git.example.org/mig/commit/%(id)s
	htmlInIntro
	htmlInFooter = false
	refchangeShowGraph = true
	graphOpts = --oneline
	refchangeShowLog = true
	logOpts = --stat
	commitLogOpts = -C --stat
	diffOpts = --stat --summary
	dateSubstitute = CommitDate:
	mailer = smtp
	sendmailCommand = /usr/sbin/sendmail -oi -t
	smtpServer = mail.example.org:2525
	smtpEncryption = tls
	smtpUser = mig
	smtpPass = "s3cret \\" of us"
	smtpCACerts = /etc/ssl/certs/ours.pem
	smtpServerTimeout = 10
	smtpServerDebugLevel = 0
	envelopeSender = bounces@example.org
	from = Mig <mig@example.org>
	fromCommit = author
	fromRefchange = pusher
	replyTo = dev@example.org
	replyToCommit = author
	replyToRefchange = none
	MailaddressMap = map.txt
	emailDomain = example.org
	administrator = admin@example.org
	emailPrefix = [%(repo_shortname)s]
	emailMaxLines = 1000
	emailMaxLineLength = 500
	subjectMaxLength = 100
	emailStrictUTF8 = true
	maxCommitEmails = 0
	excludeMergeRevisions = true
	scanCommitForCc = true
	combineWhenSingleCommit = false
	refFilterInclusionRegex = ^refs/heads/
	refFilterExclusionRegex = ^refs/heads/(wip|tmp)/
	refFilterDoSendRegex = ^refs/heads/main$ ^refs/tags/v
	refFilterDontSendRegex = /sandbox/
	logFile = /var/log/mm
	errorLogFile = /var/log/mm
	debugLogFile = /var/log/mm
	verbose = true
	quiet = true
	stdout = false
	fqdn = git.example.org
`,
  'post-receive-email': `[hooks]
	mailinglist = commits@example.org, "Dev, all" <dev@example.org>
	announcelist = announce@example.org
	envelopesender = bounces@example.org
	emailprefix = "[mig] "
	showrev = "t=%s; git show -C $t; echo"
	emailmaxlines = 500
	diffopts = --stat --summary --find-copies-harder
	scancommitforcc = true
`,
  asfgit: `[hooks "asfgit"]
	recips = commits@example.org dev@example.org
	subject-fmt = %(repo)s git commit: %(subject)s
	max-size = 90000
	max-emails = 50
	sendmail = /usr/local/sbin/sendmail
	debug = false
	protect = refs/heads/trunk $default
	no-merges = false
	extra-writers = ann,bob
	pubsub-host = pubsub.example.org
	pubsub-port = 2069
	pubsub-path = /json
	buildbot-project = mig
	cia-project = mig
`,
  'git-hooks': `[hooks]
	mailinglist = commits@example.org
	mailinglist = /srv/bin/who,dev@example.org
	from-domain = example.org
	filer-email = filer@example.org
	max-commit-emails = 100
	max-email-diff-size = 100000
	disable-email-diff = true
	no-emails = refs/heads/fsf-.*
	no-emails = refs/heads/thirdparty,refs/heads/[0-9]+
	ignore-refs = refs/users/.*/edit-.*
	commit-url = https://git.example.org/mig/commit/%(rev)s
	branch-ref-namespace = refs/vendor/.*
	tag-ref-namespace = refs/vtags/.*
	use-standard-branch-ref-namespace = true
	use-standard-tag-ref-namespace = false
	email-new-commits-only = refs/heads/.*
	max-ref-names-in-subject-prefix = 2
	bcc-file-ci = true
	debug-level = 1
	commit-email-formatter = /srv/bin/format
	file-commit-cmd = /srv/bin/file
	post-receive-hook = /srv/bin/more
	allow-delete-branch = refs/heads/topic/.*
	allow-delete-tag = true
	allow-non-fast-forward = refs/heads/topic/.*
	allow-lightweight-tag = true
	combined-style-checking = true
	disable-merge-commit-checks = true
	force-precommit-checks = refs/heads/main
	frozen-ref = refs/heads/old
	max-filepath-length = 150
	max-rh-line-length = 76
	no-precommit-check = refs/heads/fsf-.*
	no-rh-character-range-check = true
	no-rh-style-checks = refs/heads/fsf-.*
	no-style-checks = refs/heads/fsf-.*
	reject-merge-commits = refs/heads/main
	rejected-branch-deletion-tip = ask
	restrict-branch-deletion = true
	style-checker = style
	style-checker-config-file = style.yaml
	tn-required = true
	commit-extra-checker = /srv/bin/check
	pre-receive-hook = /srv/bin/pre
	update-hook = /srv/bin/update
	no-gitreview-check = true
`,
  gitlab: JSON.stringify({
    ...{ id: 75, title: 'Emails on push', slug: 'emails-on-push', active: true, inherited: false },
    ...{ created_at: '2019-11-20T11:20:25.297Z', updated_at: '2019-11-20T12:24:37.498Z' },
    ...{ push_events: true, tag_push_events: false, comment_on_event_enabled: true, wiki_page_events: true },
    ...{ alert_events: true, commit_events: true, confidential_issues_events: true, issues_events: true },
    ...{ confidential_note_events: true, deployment_events: true, group_mention_events: true },
    ...{
      group_confidential_mention_events: true,
      incident_events: true,
      job_events: true,
      note_events: true,
    },
    ...{ merge_requests_events: true, pipeline_events: true, vulnerability_events: null },
    properties: {
      recipients: 'commits@example.org dev@example.org\nnobody Commits@Example.org',
      send_from_committer_email: true,
      disable_diffs: true,
      branches_to_be_notified: 'default',
    },
  }),
};
