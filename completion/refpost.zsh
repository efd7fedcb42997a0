#compdef refpost
# completion of refpost for zsh: refpost completion zsh
_refpost() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C '*-v[print the version]' '*--version[print the version]' '*-h[show this help]' '*--help[show this help]' '1:command:->command' '*::argument:->argument' && return
  case $state in
    command) local -a names=('install:send mail for every push to a repository' 'doctor:check that everything is in place' 'config:show the settings in force, each with the file and line it comes from' 'status:show how the outbox is doing, for people and for monitoring' 'outbox:list the pushes in the outbox; show, retry or drop one' 'notify:send mail about the commits between two revisions' 'work:run the worker\: make mails of recorded pushes, and send what is due' 'hook:record a push (call this from your own post-receive hook)' 'completion:print what makes bash, zsh or fish complete the words of refpost' 'version:print the version' 'help:show the help of a command'); _describe command names ;;
    argument) (( $+functions[_refpost_$words[1]] )) && _refpost_$words[1] ;;
  esac
}
_refpost_install() {
  _arguments '*--to[who gets the mails]:address: ' '*--from[who the mails are from\: refpost.from]:address: ' '*--repo[the repository, as with the other commands]:dir:_files -/' '*--systemd[write systemd units for the worker, and do the rest only with --to]' '*--units[where to write them, if not /etc/systemd/system]:dir:_files -/' '*--uninstall[undo the install; with --systemd, remove the units]' '*-h[show this help]' '*--help[show this help]' '*:dir:_files -/'
}
_refpost_doctor() {
  _arguments '*--repo[the repository, if not the current directory]:dir:_files -/' '*-c[a setting for this run only, as with git; may be given several times]:key=value:{compadd -S "" -- refpost.to= refpost.from= refpost.replyTo= refpost.envelopeFrom= refpost.repoName= refpost.linkBase= refpost.listId= refpost.templates= refpost.refs= refpost.excludeRefs= refpost.merges= refpost.maxAge= refpost.pushOptions= refpost.trailers= refpost.maxMails= refpost.maxSize= refpost.oversize= refpost.maxAttachment= refpost.quietPaths= refpost.submodules= refpost.spool= refpost.keepDays= refpost.retryWait= refpost.retryMaxWait= refpost.giveUpAfter= refpost.transport= refpost.tls= refpost.smtpUser= refpost.smtpPasswordFile= refpost.smtpPasswordCommand= refpost.administrator= refpost.warnAfter= refpost.logFormat= refpost.worker= refpost.command=}' '*-h[show this help]' '*--help[show this help]'
}
_refpost_config() {
  _arguments '*--repo[the repository, if not the current directory]:dir:_files -/' '*-c[a setting for this run only, as with git; may be given several times]:key=value:{compadd -S "" -- refpost.to= refpost.from= refpost.replyTo= refpost.envelopeFrom= refpost.repoName= refpost.linkBase= refpost.listId= refpost.templates= refpost.refs= refpost.excludeRefs= refpost.merges= refpost.maxAge= refpost.pushOptions= refpost.trailers= refpost.maxMails= refpost.maxSize= refpost.oversize= refpost.maxAttachment= refpost.quietPaths= refpost.submodules= refpost.spool= refpost.keepDays= refpost.retryWait= refpost.retryMaxWait= refpost.giveUpAfter= refpost.transport= refpost.tls= refpost.smtpUser= refpost.smtpPasswordFile= refpost.smtpPasswordCommand= refpost.administrator= refpost.warnAfter= refpost.logFormat= refpost.worker= refpost.command=}' '*-h[show this help]' '*--help[show this help]' '*:key:{compadd -- to from replyTo envelopeFrom repoName linkBase listId templates refs excludeRefs merges maxAge pushOptions trailers maxMails maxSize oversize maxAttachment quietPaths submodules spool keepDays retryWait retryMaxWait giveUpAfter transport tls smtpUser smtpPasswordFile smtpPasswordCommand administrator warnAfter logFormat worker command}'
}
_refpost_status() {
  _arguments '*--json[print JSON]' '*--prometheus[print Prometheus'\'' text format]' '*--repo[the repository, if not the current directory]:dir:_files -/' '*-c[a setting for this run only, as with git; may be given several times]:key=value:{compadd -S "" -- refpost.to= refpost.from= refpost.replyTo= refpost.envelopeFrom= refpost.repoName= refpost.linkBase= refpost.listId= refpost.templates= refpost.refs= refpost.excludeRefs= refpost.merges= refpost.maxAge= refpost.pushOptions= refpost.trailers= refpost.maxMails= refpost.maxSize= refpost.oversize= refpost.maxAttachment= refpost.quietPaths= refpost.submodules= refpost.spool= refpost.keepDays= refpost.retryWait= refpost.retryMaxWait= refpost.giveUpAfter= refpost.transport= refpost.tls= refpost.smtpUser= refpost.smtpPasswordFile= refpost.smtpPasswordCommand= refpost.administrator= refpost.warnAfter= refpost.logFormat= refpost.worker= refpost.command=}' '*-h[show this help]' '*--help[show this help]'
}
_refpost_outbox() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C '*-h[show this help]' '*--help[show this help]' '1:command:->command' '*::argument:->argument' && return
  case $state in
    command) local -a names=('list:list the pushes that are not finished' 'show:show what became of each mail of a push, or one mail as its reader sees it' 'retry:send at once what was deferred or given up' 'drop:give up the mails of a push that were not sent'); _describe command names ;;
    argument) (( $+functions[_refpost_outbox_$words[1]] )) && _refpost_outbox_$words[1] ;;
  esac
}
_refpost_outbox_list() {
  _arguments '*--all[include finished pushes]' '*--json[print JSON]' '*--repo[the repository, if not the current directory]:dir:_files -/' '*-c[a setting for this run only, as with git; may be given several times]:key=value:{compadd -S "" -- refpost.to= refpost.from= refpost.replyTo= refpost.envelopeFrom= refpost.repoName= refpost.linkBase= refpost.listId= refpost.templates= refpost.refs= refpost.excludeRefs= refpost.merges= refpost.maxAge= refpost.pushOptions= refpost.trailers= refpost.maxMails= refpost.maxSize= refpost.oversize= refpost.maxAttachment= refpost.quietPaths= refpost.submodules= refpost.spool= refpost.keepDays= refpost.retryWait= refpost.retryMaxWait= refpost.giveUpAfter= refpost.transport= refpost.tls= refpost.smtpUser= refpost.smtpPasswordFile= refpost.smtpPasswordCommand= refpost.administrator= refpost.warnAfter= refpost.logFormat= refpost.worker= refpost.command=}' '*-h[show this help]' '*--help[show this help]'
}
_refpost_outbox_show() {
  _arguments '*--raw[the mail as it is stored and sent]' '*--repo[the repository, if not the current directory]:dir:_files -/' '*-c[a setting for this run only, as with git; may be given several times]:key=value:{compadd -S "" -- refpost.to= refpost.from= refpost.replyTo= refpost.envelopeFrom= refpost.repoName= refpost.linkBase= refpost.listId= refpost.templates= refpost.refs= refpost.excludeRefs= refpost.merges= refpost.maxAge= refpost.pushOptions= refpost.trailers= refpost.maxMails= refpost.maxSize= refpost.oversize= refpost.maxAttachment= refpost.quietPaths= refpost.submodules= refpost.spool= refpost.keepDays= refpost.retryWait= refpost.retryMaxWait= refpost.giveUpAfter= refpost.transport= refpost.tls= refpost.smtpUser= refpost.smtpPasswordFile= refpost.smtpPasswordCommand= refpost.administrator= refpost.warnAfter= refpost.logFormat= refpost.worker= refpost.command=}' '*-h[show this help]' '*--help[show this help]' '*:id: '
}
_refpost_outbox_retry() {
  _arguments '*--all[every push]' '*--repo[the repository, if not the current directory]:dir:_files -/' '*-c[a setting for this run only, as with git; may be given several times]:key=value:{compadd -S "" -- refpost.to= refpost.from= refpost.replyTo= refpost.envelopeFrom= refpost.repoName= refpost.linkBase= refpost.listId= refpost.templates= refpost.refs= refpost.excludeRefs= refpost.merges= refpost.maxAge= refpost.pushOptions= refpost.trailers= refpost.maxMails= refpost.maxSize= refpost.oversize= refpost.maxAttachment= refpost.quietPaths= refpost.submodules= refpost.spool= refpost.keepDays= refpost.retryWait= refpost.retryMaxWait= refpost.giveUpAfter= refpost.transport= refpost.tls= refpost.smtpUser= refpost.smtpPasswordFile= refpost.smtpPasswordCommand= refpost.administrator= refpost.warnAfter= refpost.logFormat= refpost.worker= refpost.command=}' '*-h[show this help]' '*--help[show this help]' '*:id: '
}
_refpost_outbox_drop() {
  _arguments '*--repo[the repository, if not the current directory]:dir:_files -/' '*-c[a setting for this run only, as with git; may be given several times]:key=value:{compadd -S "" -- refpost.to= refpost.from= refpost.replyTo= refpost.envelopeFrom= refpost.repoName= refpost.linkBase= refpost.listId= refpost.templates= refpost.refs= refpost.excludeRefs= refpost.merges= refpost.maxAge= refpost.pushOptions= refpost.trailers= refpost.maxMails= refpost.maxSize= refpost.oversize= refpost.maxAttachment= refpost.quietPaths= refpost.submodules= refpost.spool= refpost.keepDays= refpost.retryWait= refpost.retryMaxWait= refpost.giveUpAfter= refpost.transport= refpost.tls= refpost.smtpUser= refpost.smtpPasswordFile= refpost.smtpPasswordCommand= refpost.administrator= refpost.warnAfter= refpost.logFormat= refpost.worker= refpost.command=}' '*-h[show this help]' '*--help[show this help]' '*:id: '
}
_refpost_notify() {
  _arguments '*-n[write the mails to standard output as an mbox; send, store and change nothing]' '*--dry-run[write the mails to standard output as an mbox; send, store and change nothing]' '*--repo[the repository, if not the current directory]:dir:_files -/' '*-c[a setting for this run only, as with git; may be given several times]:key=value:{compadd -S "" -- refpost.to= refpost.from= refpost.replyTo= refpost.envelopeFrom= refpost.repoName= refpost.linkBase= refpost.listId= refpost.templates= refpost.refs= refpost.excludeRefs= refpost.merges= refpost.maxAge= refpost.pushOptions= refpost.trailers= refpost.maxMails= refpost.maxSize= refpost.oversize= refpost.maxAttachment= refpost.quietPaths= refpost.submodules= refpost.spool= refpost.keepDays= refpost.retryWait= refpost.retryMaxWait= refpost.giveUpAfter= refpost.transport= refpost.tls= refpost.smtpUser= refpost.smtpPasswordFile= refpost.smtpPasswordCommand= refpost.administrator= refpost.warnAfter= refpost.logFormat= refpost.worker= refpost.command=}' '*-h[show this help]' '*--help[show this help]' '*:old:{compadd -- $(git for-each-ref --format='\''%(refname\:short)'\'' 2>/dev/null)}'
}
_refpost_work() {
  _arguments '*--once[exit when nothing is due]' '*--drain[exit when the queue is empty, after waiting for deferred mails (the hook runs this)]' '*--log-format[format of the log, text or json\: refpost.logFormat for this run]:format:{compadd -- text json}' '*--repo[the repository, if not the current directory]:dir:_files -/' '*-c[a setting for this run only, as with git; may be given several times]:key=value:{compadd -S "" -- refpost.to= refpost.from= refpost.replyTo= refpost.envelopeFrom= refpost.repoName= refpost.linkBase= refpost.listId= refpost.templates= refpost.refs= refpost.excludeRefs= refpost.merges= refpost.maxAge= refpost.pushOptions= refpost.trailers= refpost.maxMails= refpost.maxSize= refpost.oversize= refpost.maxAttachment= refpost.quietPaths= refpost.submodules= refpost.spool= refpost.keepDays= refpost.retryWait= refpost.retryMaxWait= refpost.giveUpAfter= refpost.transport= refpost.tls= refpost.smtpUser= refpost.smtpPasswordFile= refpost.smtpPasswordCommand= refpost.administrator= refpost.warnAfter= refpost.logFormat= refpost.worker= refpost.command=}' '*-h[show this help]' '*--help[show this help]'
}
_refpost_hook() {
  _arguments '*-h[show this help]' '*--help[show this help]'
}
_refpost_completion() {
  _arguments '*-h[show this help]' '*--help[show this help]' '*:shell:{compadd -- bash zsh fish}'
}
_refpost_version() {
  _arguments '*-h[show this help]' '*--help[show this help]'
}
_refpost_help() {
  _arguments '*-h[show this help]' '*--help[show this help]' '*:command:{compadd -- install doctor config status outbox notify work hook completion version}'
}
if [ "$funcstack[1]" = _refpost ]; then _refpost "$@"; else compdef _refpost refpost; fi
