import type { Push } from '../model/push.ts';

/** The variables by which hosts say who pushed, in the order of the record (the same names as in bin/post-receive). */
export const recordedNames: readonly string[] = [
  'USER',
  'LOGNAME',
  'REMOTE_USER',
  'GL_USER',
  'GL_REPO',
  'GL_USERNAME',
  'GL_ID',
  'GL_PROJECT_PATH',
  'GL_PROTOCOL',
  'GITEA_PUSHER_NAME',
  'GITEA_PUSHER_EMAIL',
  'GITEA_REPO_NAME',
  'GITEA_REPO_USER_NAME',
];

type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment of a hook says about its push: the recorded variables that are not empty, and the push options. */
export function originOf(env: Environment): Pick<Push, 'environment' | 'options'> {
  const said = recordedNames.flatMap(name => (env[name] ? [[name, env[name]] as const] : []));
  return { environment: Object.fromEntries(said), options: pushOptions(env) };
}

/** githooks(5): GIT_PUSH_OPTION_COUNT, and GIT_PUSH_OPTION_0 and so on; without a count the client sent none. */
function pushOptions(env: Environment): readonly string[] {
  const count = Number(env.GIT_PUSH_OPTION_COUNT ?? 0);
  if (!Number.isSafeInteger(count) || count < 0) return [];
  const options: string[] = [];
  for (let number = 0; number < count; number++) options.push(env[`GIT_PUSH_OPTION_${number}`] ?? '');
  return options;
}
