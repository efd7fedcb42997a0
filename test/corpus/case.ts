import type { Scene } from './scene.ts';

/**
 * Pushes by name and title, `name: title`. The name is that of the golden file. Each is told on a scene: what the
 * repository holds, what stands, and what the push moves.
 */
export type Cases = Readonly<Record<string, (scene: Scene) => void>>;

/** A short history in one line: three commits, oldest first. */
export function shortHistory({ commit }: Scene): [string, string, string] {
  return [
    commit('Start the project', { README: 'A project.\n' }),
    commit('Say hello\n\nSo that somebody answers.\n', {
      README: 'A project.\nIt greets.\n',
      'src/hello.c': '#include <stdio.h>\n\nint main(void)\n{\n\tputs("hello");\n}\n',
    }),
    commit('Return zero', {
      'src/hello.c': '#include <stdio.h>\n\nint main(void)\n{\n\tputs("hello");\n\treturn 0;\n}\n',
    }),
  ];
}
