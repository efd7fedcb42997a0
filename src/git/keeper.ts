import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fault } from '../errors.ts';
import { remembered } from '../model/remembered.ts';
import { unlessRefused } from './failure.ts';
import type { Git, Lent } from './git.ts';
import { readKinds } from './questions.ts';
import { type OwnWire, openWire } from './wire.ts';

/*
 * To start a git takes a busy worker longer than to have it answer (bench, set `busy`). So the gits that answer one question after the other
 * are kept for the next push to their repository: a few, for seconds, and only while nothing of what they read once has changed.
 */

export interface KeepOptions {
  /** All settings of the repository, in any form. */
  readonly settings: string;
  /** True where diffs hang on nothing but objects, settings and the files that are looked at here. */
  readonly keepsDiffs: boolean;
}

/** Gits that wait for a question: each has some MB of its own. */
const MOST = 24;
/** Milliseconds that a git lives at the most. */
const AGE = 10_000;
/** Bytes of answers after which it is not kept: what it has read to give them it holds in memory. */
const LARGEST = 8 << 20;

const MAILMAP = 'HEAD:.mailmap';

/** Milliseconds of a clock that never runs back. node loads `performance` when it is first named. */
const steady = () => process.uptime() * 1000;

interface Kept extends Lent {
  readonly wire: OwnWire;
  readonly of: string;
  readonly args: string;
  readonly looks: string;
  readonly end: number;
  timer?: NodeJS.Timeout;
}

/** Keeps gits, of whatever repositories, until it is closed. */
export function openKeeper() {
  /** The one that was asked last is at the end. */
  const idle = new Set<Kept>();
  const lent = new Set<Kept>();
  let isClosed = false;
  const areDiffsSteady = remembered(1, readsNoHead, () => '');

  function end(one: Kept): void {
    idle.delete(one);
    lent.delete(one);
    clearTimeout(one.timer);
    one.wire.end();
  }

  function giveBack(one: Kept, stays: boolean): void {
    lent.delete(one);
    const left = one.end - steady();
    if (isClosed || !stays || one.wire.isAsked() || left <= 0 || one.wire.size() > LARGEST) {
      end(one);
      return;
    }
    one.timer = setTimeout(() => end(one), left);
    idle.add(one);
    one.wire.watch(() => idle.has(one) && end(one));
    const [oldest] = idle;
    if (idle.size > MOST && oldest) end(oldest);
  }

  /** One that waits there, or a new one. */
  function pick(git: Git, args: readonly string[], looks: string): Kept {
    const words = args.join(' ');
    for (const one of idle) if (one.of === git.gitDir && one.looks !== looks && one.args === words) end(one);
    const known = [...idle].find(one => one.of === git.gitDir && one.args === words);
    if (known) {
      idle.delete(known);
      clearTimeout(known.timer);
      return { ...known, isReused: true };
    }
    const wire = openWire(git, args);
    return { wire, isReused: false, of: git.gitDir, args: words, looks, end: steady() + AGE };
  }

  /** A repository whose gits are kept. */
  function keep(git: Git, { settings, keepsDiffs }: KeepOptions): Git {
    async function take(args: readonly string[], signals: readonly AbortSignal[] = []): Promise<Lent> {
      const isDiff = args.includes('diff-tree');
      const stays = !isDiff || keepsDiffs;
      // What git takes for .mailmap in a bare repository (gitmailmap(5)).
      const mailmap = isDiff && stays ? (await readKinds(kept, [MAILMAP])).get(MAILMAP)?.id : '';
      const looks = `${settings}\n${looksOf(git.gitDir)}\n${mailmap}`;
      let one = pick(git, args, looks);
      if (one.isReused && isDiff && !(await areDiffsSteady(git))) {
        end(one);
        one = pick(git, args, looks);
      }
      lent.add(one);
      const back = () => {
        for (const signal of signals) signal.removeEventListener('abort', back);
        if (lent.has(one)) giveBack(one, stays);
      };
      for (const signal of signals) signal.addEventListener('abort', back);
      if (isClosed || signals.some(signal => signal.aborted)) {
        end(one);
        throw fault.stopped();
      }
      return one;
    }

    const kept: Git = { ...git, lender: { take, keepsDiffs } };
    return kept;
  }

  return {
    keep,
    /** Ends all, those that are being asked too. */
    close(): void {
      isClosed = true;
      for (const one of [...idle, ...lent]) end(one);
    },
  };
}

/** Files that git reads once, and by which a repository is known from another one in its place. */
const READ_ONCE = [
  'objects/pack',
  'objects/info/alternates',
  'shallow',
  'info/attributes',
  'refpost/identity',
];

function looksOf(gitDir: string): string {
  const look = (path: string): Partial<Stats> | undefined => {
    try {
      return statSync(join(gitDir, path), { throwIfNoEntry: false });
    } catch {
      // Then git says what is in the way.
      return undefined;
    }
  };
  const places = ['.', 'objects'].map(look).map(found => `${found?.ino} ${found?.birthtimeMs}`);
  const files = READ_ONCE.map(look).map(found => `${found?.ino} ${found?.mtimeMs} ${found?.size}`);
  return [...places, ...files].join('\n');
}

/** False for the versions, 2.43.0 to 2.45.2, that read attributes from the tree of HEAD in a bare repository, once. */
async function readsNoHead(git: Git): Promise<boolean> {
  const version = await unlessRefused(text(git.stream(['version'])), '');
  const found = /\d+\.(\d+)\.(\d+)/.exec(version) ?? [];
  const [minor = 43, patch = 0] = found.slice(1).map(Number);
  return minor < 43 || minor > 45 || (minor === 45 && patch > 2);
}
