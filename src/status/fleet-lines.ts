import type { FleetProcess } from '../model/fleet.ts';
import { counted, spanText } from '../model/numbers.ts';
import type { ServerStatus, Status } from '../model/status.ts';
import { visibleLine } from '../render/visible.ts';

/** The servers of a fleet and who works for them, for people: a word and its value each. */
export function fleetLines({ servers = [], processes = [], at }: Status): (readonly [string, string])[] {
  const isSender = ({ mode }: FleetProcess) => mode === 'sender';
  return [
    ...servers.map(server => ['server', serverText(server, processes, at)] as const),
    ...processes
      .filter(isSender)
      .map(one => ['sender', visibleLine(`${one.host}, ${processText(one, at)}`)] as const),
  ];
}

/** `git1: 2 pushes recorded, 3 pushes queued; intake: process 4711 is at work` */
function serverText(status: ServerStatus, processes: readonly FleetProcess[], now: number): string {
  const { server, recorded, queued, givenUp, seen } = status;
  const parts = [
    `${counted(recorded, 'push')} recorded`,
    `${counted(queued.pushes, 'push')} queued`,
    ...(givenUp.pushes > 0 ? [`${counted(givenUp.pushes, 'push')} given up`] : []),
  ];
  const [own] = processes.filter(one => one.server === server && one.mode !== 'sender');
  const said = seen === 0 ? 'has not said anything yet' : `heard of ${spanText(now - seen)} ago`;
  const who = own?.alive ? `${own.mode}: ${processText(own, now)}` : said;
  return visibleLine(`${server}: ${parts.join(', ')}; ${who}`);
}

function processText({ pid, alive, seen }: FleetProcess, now: number): string {
  return alive ? `process ${pid} is at work` : `process ${pid} was there ${spanText(now - seen)} ago`;
}
