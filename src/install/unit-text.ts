/** What the systemd units of one outbox depend on. All paths are absolute. */
export interface UnitPlan {
  /** Of the service, without its ending. */
  readonly name: string;
  /** The spool; of a sender the database, as people may read it. */
  readonly outbox: string;
  /** What a sender has none of: the spool, and any repository that uses it. */
  readonly local?: { readonly spool: string; readonly repository: string };
  /** In a fleet: it does only this. */
  readonly mode?: 'intake' | 'sender';
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

/** A service that stays, and comes back also when it ended well, since another worker may have been there; and, where a spool is, one that a timer starts every minute. */
export function unitsOf(plan: UnitPlan): readonly Unit[] {
  const { name, outbox, mode } = plan;
  const about = `mails about pushes, outbox ${specifierFree(outbox)}`;
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
  const staying = { file: `${name}.service`, text: `${stays}\n[Install]\nWantedBy=multi-user.target\n` };
  if (mode === 'sender') return [staying];
  return [staying, { file: `${name}-once.service`, text: ends }, { file: `${name}-once.timer`, text: timer }];
}

/** The worker reads repositories and settings, and writes to its spool alone. */
function sandbox({ local, sendmail }: UnitPlan): string {
  const isTemporary = Object.values(local ?? {}).some(path => /^\/(var\/)?tmp\//.test(path));
  const files = `ProtectHome=read-only
${isTemporary ? '' : 'PrivateTmp=yes\n'}ProtectControlGroups=yes
`;
  if (sendmail)
    return `# Mails go out by sendmail, which in Postfix, Exim and others is setgid or setuid and writes to a queue of its own below
# /var: what would forbid that (NoNewPrivileges and all that implies it, ProtectSystem=strict) is left out.
ProtectSystem=full
${files}`;
  return `# All is read-only${local ? ' but the outbox' : ''}. Not here: MemoryDenyWriteExecute (Node.js compiles as it runs) and RestrictSUIDSGID (in
# an outbox that a group shares, folders hand their group on by that bit).
ProtectSystem=strict
${local ? `ReadWritePaths=${quoted(local.spool)}\n` : ''}${files}NoNewPrivileges=yes
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

function exec({ command, local, mode }: UnitPlan, ...more: readonly string[]): string {
  const where = local ? ['--repo', local.repository] : [];
  const words = [...command, 'work', ...(mode ? [`--${mode}`] : []), ...more, ...where];
  return `ExecStart=${words.map(argument).join(' ')}`;
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
