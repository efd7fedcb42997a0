/** Many git servers with one outbox in a database: what the settings say of it (config/settings.ts). */
export interface FleetSettings {
  /** The database of the outbox; undefined: it is a directory. */
  readonly outbox: DatabaseAddress | undefined;
  readonly outboxPasswordFile: string | undefined;
  readonly outboxPasswordCommand: string | undefined;
  readonly outboxTls: 'verify' | 'off';
  readonly outboxCaFile: string | undefined;
  /** Both or none. */
  readonly outboxClientCertFile: string | undefined;
  readonly outboxClientKeyFile: string | undefined;
  /** The name of this machine; undefined: its host name. */
  readonly server: string | undefined;
  /** The name of the repository; undefined: made of that of the machine and its path. */
  readonly fleetName: string | undefined;
}

/** Those of them that say by which connections the database is reached. */
export const DATABASE_SETTINGS = [
  ...(['outbox', 'outboxPasswordFile', 'outboxPasswordCommand', 'outboxTls', 'outboxCaFile'] as const),
  ...(['outboxClientCertFile', 'outboxClientKeyFile'] as const),
] satisfies readonly (keyof FleetSettings)[];

/** A database of PostgreSQL. */
export interface DatabaseAddress {
  /** Undefined: the user of the system, as with psql. */
  readonly user: string | undefined;
  /** One, or several of which the first that takes changes is the one. */
  readonly servers: readonly [DatabaseServer, ...DatabaseServer[]];
  readonly database: string;
}

export interface DatabaseServer {
  /** A host, or the absolute path of the folder with the server's socket. */
  readonly host: string;
  readonly port: number;
}

/** What waits in a spool to be put into the database of the fleet, as its worker said last. */
export interface Waiting {
  readonly server: string;
  /** The absolute path of the folder. */
  readonly spool: string;
  readonly recorded: number;
  /** When the first of them was recorded, in milliseconds since 1970; absent where none waits. */
  readonly oldest?: number;
  /** Those of them that wait for a person. */
  readonly held: number;
  readonly unreadable: number;
}

/** A process that works for the fleet, or did so last. */
export interface FleetProcess {
  readonly server: string;
  readonly mode: 'worker' | 'intake' | 'sender';
  readonly host: string;
  readonly pid: number;
  readonly alive: boolean;
  /** Milliseconds since 1970, by the clock of the database. */
  readonly seen: number;
}
