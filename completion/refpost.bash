# completion of refpost for bash: refpost completion bash
_refpost() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= words= word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $path:$word in
    ':install'|':uninstall'|':migrate'|':doctor'|':test-mail'|':config'|':explain'|':status'|':outbox'|'outbox:list'|'outbox:show'|'outbox:retry'|'outbox:drop'|':notify'|':resend'|':preview'|':archive'|':work'|':poll'|':webhook'|':hook'|':fleet'|'fleet:init'|'fleet:migrate'|'fleet:check'|'fleet:grant'|'fleet:revoke'|'fleet:move'|':completion'|':version') path=${path:+$path }$word ;;
    :help) path=help ;;
    esac
  done
  case $prev in
    --to) words='' ;;
    --from) words='' ;;
    --receiver) words='mailman3 mailman2 sympa mlmmj ezmlm public-inbox googlegroups none' ;;
    --repo) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --units) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --host) words='' ;;
    --root) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --config) words='' ;;
    -c) words='refpost.to= refpost.noRecipients= refpost.cc= refpost.bcc= refpost.people= refpost.peopleRef= refpost.personDomains= refpost.group= refpost.pusherMap= refpost.authorMap= refpost.maxRecipients= refpost.from= refpost.fromAuthorDomains= refpost.replyTo= refpost.envelopeFrom= refpost.verp= refpost.repoName= refpost.web= refpost.webUrl= refpost.commitUrl= refpost.treeUrl= refpost.fileUrl= refpost.compareUrl= refpost.tagUrl= refpost.linkBase= refpost.listId= refpost.receiver= refpost.listPost= refpost.listArchive= refpost.listUnsubscribe= refpost.archivedAt= refpost.threadIndex= refpost.header= refpost.omitHeader= refpost.subject= refpost.style= refpost.summary= refpost.revision= refpost.footer= refpost.html= refpost.templates= refpost.refs= refpost.excludeRefs= refpost.merges= refpost.kinds= refpost.paths= refpost.authors= refpost.committers= refpost.pushers= refpost.message= refpost.instead= refpost.maxAge= refpost.pushOptions= refpost.trailers= refpost.maxMails= refpost.maxSize= refpost.oversize= refpost.maxAttachment= refpost.quietPaths= refpost.submodules= refpost.archive= refpost.archiveAddresses= refpost.spool= refpost.keepDays= refpost.retryWait= refpost.retryMaxWait= refpost.giveUpAfter= refpost.outbox= refpost.outboxPasswordFile= refpost.outboxPasswordCommand= refpost.outboxTls= refpost.outboxCaFile= refpost.outboxClientCertFile= refpost.outboxClientKeyFile= refpost.server= refpost.fleetName= refpost.transport= refpost.tls= refpost.caFile= refpost.clientCertFile= refpost.clientKeyFile= refpost.ehloName= refpost.smtpUser= refpost.smtpPasswordFile= refpost.smtpPasswordCommand= refpost.smtpTokenCommand= refpost.dkimDomain= refpost.dkimSelector= refpost.dkimKeyFile= refpost.mirrors= refpost.maxFetch= refpost.webhookSecretFile= refpost.administrator= refpost.warnAfter= refpost.logFormat= refpost.worker= refpost.command='; compopt -o nospace ;;
    --audience) words='' ;;
    --pusher) words='' ;;
    --server) words='' ;;
    --outbox) words='' ;;
    --mbox) words='' ;;
    --out) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --addresses) words='' ;;
    --log-format) words='text json' ;;
    --every) words='' ;;
    --mirrors) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --listen) words='' ;;
    *) case $path in
    '') case $cur in -*) words='-v --version -h --help' ;; *) words='install uninstall migrate doctor test-mail config explain status outbox notify resend preview archive work poll webhook hook fleet completion version help' ;; esac ;;
    'install') case $cur in -*) words='--to --from --receiver --repo --systemd --units --intake --sender --host --root --config -n --dry-run --uninstall -h --help' ;; *) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;; esac ;;
    'uninstall') case $cur in -*) words='--repo --host --root -n --dry-run -h --help' ;; *) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;; esac ;;
    'migrate') case $cur in -*) words='--from -n --dry-run --keep-hook --undo --repo -h --help' ;; *) words='' ;; esac ;;
    'doctor') case $cur in -*) words='--all --repo -c -h --help' ;; *) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;; esac ;;
    'test-mail') case $cur in -*) words='--to --audience --repo -c -h --help' ;; *) words='' ;; esac ;;
    'config') case $cur in -*) words='--repo -c -h --help' ;; *) words='to noRecipients cc bcc people peopleRef personDomains group pusherMap authorMap maxRecipients from fromAuthorDomains replyTo envelopeFrom verp repoName web webUrl commitUrl treeUrl fileUrl compareUrl tagUrl linkBase listId receiver listPost listArchive listUnsubscribe archivedAt threadIndex header omitHeader subject style summary revision footer html templates refs excludeRefs merges kinds paths authors committers pushers message instead maxAge pushOptions trailers maxMails maxSize oversize maxAttachment quietPaths submodules archive archiveAddresses spool keepDays retryWait retryMaxWait giveUpAfter outbox outboxPasswordFile outboxPasswordCommand outboxTls outboxCaFile outboxClientCertFile outboxClientKeyFile server fleetName transport tls caFile clientCertFile clientKeyFile ehloName smtpUser smtpPasswordFile smtpPasswordCommand smtpTokenCommand dkimDomain dkimSelector dkimKeyFile mirrors maxFetch webhookSecretFile administrator warnAfter logFormat worker command' ;; esac ;;
    'explain') case $cur in -*) words='--json --pusher --server --repo -c -h --help' ;; *) words='' ;; esac ;;
    'status') case $cur in -*) words='--json --prometheus --server --repo -c -h --help' ;; *) words='' ;; esac ;;
    'outbox') case $cur in -*) words='-h --help' ;; *) words='list show retry drop' ;; esac ;;
    'outbox list') case $cur in -*) words='--all --json --server --repo -c -h --help' ;; *) words='' ;; esac ;;
    'outbox show') case $cur in -*) words='--raw --repo -c -h --help' ;; *) words='' ;; esac ;;
    'outbox retry') case $cur in -*) words='--all --repo -c -h --help' ;; *) words='' ;; esac ;;
    'outbox drop') case $cur in -*) words='--repo -c -h --help' ;; *) words='' ;; esac ;;
    'notify') case $cur in -*) words='-n --dry-run --repo -c -h --help' ;; *) while read -r word; do [[ $word != "$cur"* ]] || COMPREPLY+=("$(printf %q "$word")"); done < <(git for-each-ref --format='%(refname:short)' 2>/dev/null); return ;; esac ;;
    'resend') case $cur in -*) words='--to -n --dry-run --repo -c -h --help' ;; *) words='' ;; esac ;;
    'preview') case $cur in -*) words='--outbox --mbox --out --addresses --repo -c -h --help' ;; *) while read -r word; do [[ $word != "$cur"* ]] || COMPREPLY+=("$(printf %q "$word")"); done < <(git for-each-ref --format='%(refname:short)' 2>/dev/null); return ;; esac ;;
    'archive') case $cur in -*) words='--mbox --addresses --repo -c -h --help' ;; *) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;; esac ;;
    'work') case $cur in -*) words='--once --drain --log-format --intake --sender --repo -c -h --help' ;; *) words='' ;; esac ;;
    'poll') case $cur in -*) words='--every --once --mirrors -h --help' ;; *) words='' ;; esac ;;
    'webhook') case $cur in -*) words='--listen --every --mirrors -h --help' ;; *) words='' ;; esac ;;
    'hook') case $cur in -*) words='-h --help' ;; *) words='' ;; esac ;;
    'fleet') case $cur in -*) words='-h --help' ;; *) words='init migrate check grant revoke move' ;; esac ;;
    'fleet init') case $cur in -*) words='--repo -c -h --help' ;; *) words='' ;; esac ;;
    'fleet migrate') case $cur in -*) words='--repo -c -h --help' ;; *) words='' ;; esac ;;
    'fleet check') case $cur in -*) words='--repo -c -h --help' ;; *) words='' ;; esac ;;
    'fleet grant') case $cur in -*) words='--repo -c -h --help' ;; *) words='' ;; esac ;;
    'fleet revoke') case $cur in -*) words='--repo -c -h --help' ;; *) words='' ;; esac ;;
    'fleet move') case $cur in -*) words='--back --finished --repo -c -h --help' ;; *) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;; esac ;;
    'completion') case $cur in -*) words='-h --help' ;; *) words='bash zsh fish' ;; esac ;;
    'version') case $cur in -*) words='-h --help' ;; *) words='' ;; esac ;;
    'help') case $cur in -*) words='-h --help' ;; *) words='install uninstall migrate doctor test-mail config explain status outbox notify resend preview archive work poll webhook hook fleet completion version' ;; esac ;;
    esac ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _refpost refpost
