import { join } from 'node:path';
import { composeForWire } from '../src/delivery/compose.ts';
import { OperatorError } from '../src/errors.ts';
import { kindsOfContent, kindsOfPush } from '../test/corpus/all.ts';
import { openScene } from '../test/corpus/scene.ts';
import { mailsOf } from '../test/fixtures/mails.ts';
import { temporaryFolder } from '../test/fixtures/repository.ts';
import type { CleanUps } from '../test/fixtures/trials.ts';

/** A mail of the corpus as it comes to a reader's server, which has added what such servers add. */
export interface JudgedMail {
  /** The push that it is about, and the receiver for which it was made. */
  readonly about: string;
  readonly from: string;
  readonly to: string;
  readonly bytes: Buffer;
}

/** The host that sends, and the one that asks the filter. */
export const CLIENT = { name: 'git.example.org', address: '203.0.114.25' };

/** Receivers for which mails are not the same; those of all others are the mails for none. */
const PRESETS = ['none', 'mailman3', 'sympa'];
/** Mails of a push: the others are like them. */
const MOST = 3;

/** The mails of the golden corpus, made for each receiver, as they are on the wire, from now. */
export async function judgedMails(t: CleanUps): Promise<readonly JudgedMail[]> {
  const judged: JudgedMail[] = [];
  for (const [title, tell] of Object.entries({ ...kindsOfPush, ...kindsOfContent })) {
    const scene = openScene(join(temporaryFolder(t), 'project.git'), 'sha1');
    tell(scene);
    const { updates, settings = [], extra } = scene.pushed();
    const seen = new Set<string>();
    for (const preset of PRESETS) {
      const mails = await mailsOf(scene, updates, [...settings, `receiver=${preset}`], extra).catch(
        ifSettings,
      );
      for (const { envelope, bytes } of mails.slice(0, MOST).map(composeForWire)) {
        const made = bytes.toString('latin1');
        if (seen.has(made)) continue;
        seen.add(made);
        const text = made.replace(/^Date: .*$/m, `Date: ${now()}`);
        const [to = ''] = envelope.to;
        const about = `${title.split(':')[0]}, ${preset}`;
        judged.push({
          about,
          from: envelope.from,
          to,
          bytes: Buffer.from(trace(envelope.from, to) + text, 'latin1'),
        });
      }
    }
  }
  return judged;
}

/** A push whose own settings contradict a receiver has no mails for it. */
function ifSettings(error: unknown): [] {
  if (error instanceof OperatorError) return [];
  throw error;
}

function now(): string {
  return new Date().toUTCString().replace('GMT', '+0000');
}

function trace(from: string, to: string): string {
  const { name, address } = CLIENT;
  const received = `from ${name} (${name} [${address}])\n\tby mx.example.net (Postfix) with ESMTPS id 4F2C61A2B\n\tfor <${to}>; ${now()}`;
  return `Return-Path: <${from}>\nReceived: ${received}\n`;
}
