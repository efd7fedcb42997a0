import { run } from '../test/fixtures/processes.ts';
import { Impossible } from '../test/fixtures/trials.ts';

/**
 * A view of the file system for programs that know their files by fixed paths, seen by no other process.
 * @param over folders to lay over others @param instead folders to see in the place of others
 * @returns what runs a command of the shell in there, as words; further words are its arguments
 */
export async function openView(
  over: Readonly<Record<string, string>>,
  instead: Readonly<Record<string, string>>,
): Promise<(command: string) => readonly string[]> {
  const mounts = [
    ...Object.entries(over).map(
      ([path, folder]) => `mount -t overlay overlay -o lowerdir=${folder}:${path} ${path}`,
    ),
    ...Object.entries(instead).map(([path, folder]) => `mount --bind ${folder} ${path}`),
  ].join(' && ');
  const inside = (command: string) => ['unshare', '-m', 'sh', '-c', `${mounts} && ${command}`, 'sh'];
  const { code, stderr } = await run(inside('true'));
  if (code !== 0) throw new Impossible(`no view of the file system can be made here: ${stderr}`);
  return inside;
}
