/** What the systemd units of one outbox depend on. All paths are absolute. */
export interface UnitPlan {
  /** Of the service, without its ending. */
  readonly name: string;
  readonly spool: string;
  /** Any repository that uses the spool. */
  readonly repository: string;
  /** Who owns the spool, as numbers: whatever it is called, the service runs as that one. */
  readonly user: number;
  readonly group: number;
  /** What starts refpost: node and the program. */
  readonly command: readonly string[];
  /** True where mails go out by a local sendmail, which needs more than this service should. */
  readonly sendmail: boolean;
}

/** A unit file, by its name. */
export interface Unit {
  readonly file: string;
  readonly text: string;
}

/** A service that stays, and comes back also when it ended well, since another worker may have been there; and one that a timer starts every minute. */
export function unitsOf(plan: UnitPlan): readonly Unit[] {
  const { name, spool } = plan;
  const about = `mails about pushes, outbox ${specifierFree(spool)}`;
  const service = (...start: readonly string[]) => `[Unit]
Description=refpost: ${about}
Wants=network-online.target
After=network-online.target nss-lookup.target

[Service]
${start.join('\n')}
User=${plan.user}
Group=${plan.group}
UMask=0007

${sandbox(plan)}`;
  const stays = service('Type=exec', exec(plan), 'Restart=always', 'RestartSec=30');
  // Exit code 75: something stays queued. The next run tries again, and "refpost status" tells when it is too long.
  const ends = service('Type=oneshot', exec(plan, '--once'), 'SuccessExitStatus=75');
  const timer = `[Unit]
Description=refpost, every minute: ${about}

[Timer]
OnBootSec=1min
OnUnitInactiveSec=1min
AccuracySec=10s

[Install]
WantedBy=timers.target
`;
  return [
    { file: `${name}.service`, text: `${stays}\n[Install]\nWantedBy=multi-user.target\n` },
    { file: `${name}-once.service`, text: ends },
    { file: `${name}-once.timer`, text: timer },
  ];
}

/** The worker reads repositories and settings, and writes to its outbox alone. */
function sandbox({ spool, repository, sendmail }: UnitPlan): string {
  const isTemporary = [spool, repository].some(path => /^\/(var\/)?tmp\//.test(path));
  const files = `ProtectHome=read-only
${isTemporary ? '' : 'PrivateTmp=yes\n'}ProtectControlGroups=yes
`;
  if (sendmail)
    return `# Mails go out by sendmail, which in Postfix, Exim and others is setgid or setuid and writes to a queue of its own below
# /var: what would forbid that (NoNewPrivileges and all that implies it, ProtectSystem=strict) is left out.
ProtectSystem=full
${files}`;
  return `# All is read-only but the outbox. Not here: MemoryDenyWriteExecute (Node.js compiles as it runs) and RestrictSUIDSGID (in
# an outbox that a group shares, folders hand their group on by that bit).
ProtectSystem=strict
ReadWritePaths=${quoted(spool)}
${files}NoNewPrivileges=yes
CapabilityBoundingSet=
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
`;
}

function exec({ command, repository }: UnitPlan, ...mode: readonly string[]): string {
  return `ExecStart=${[...command, 'work', ...mode, '--repo', repository].map(argument).join(' ')}`;
}

/** A word of a command line; `$` would start a variable (systemd.service(5)). */
function argument(word: string): string {
  return quoted(word).replaceAll('$', '$$$$');
}

/** In quotes where it needs them (systemd.syntax(7)). */
function quoted(word: string): string {
  const free = specifierFree(word);
  return /^[\w@%+=:,./$-]+$/.test(free) ? free : `"${free.replace(/[\\"]/g, '\\$&')}"`;
}

/** `%` would start a specifier (systemd.unit(5)). */
function specifierFree(text: string): string {
  return text.replaceAll('%', '%%');
}
