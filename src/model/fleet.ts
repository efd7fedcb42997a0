/** Many git servers with one outbox in a database: what the settings say of it (config/settings.ts). */
export interface FleetSettings {
  /** The database of the outbox; undefined: it is a directory. */
  readonly outbox: DatabaseAddress | undefined;
  readonly outboxPasswordFile: string | undefined;
  readonly outboxPasswordCommand: string | undefined;
  readonly outboxTls: 'verify' | 'off';
  readonly outboxCaFile: string | undefined;
  /** The name of this machine; undefined: its host name. */
  readonly server: string | undefined;
  /** The name of the repository; undefined: made of that of the machine and its path. */
  readonly fleetName: string | undefined;
}

/** A database of PostgreSQL. */
export interface DatabaseAddress {
  /** Undefined: the user of the system, as with psql. */
  readonly user: string | undefined;
  /** A host, or the absolute path of the folder with the server's socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
}
