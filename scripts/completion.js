// completion/refpost.bash, .zsh and .fish, made from the same table as the help.
import { commands } from '../build/src/cli/commands.js';
import { program, repositoryOptions } from '../build/src/cli/words.js';
import { settings } from '../build/src/config/settings.js';

/** What a shell may put in the place of a name in angle brackets; nothing for a name that is not here. */
const VALUES = {
  dir: 'directories',
  old: 'refs',
  key: Object.keys(settings),
  'key=value': Object.keys(settings).map(key => `refpost.${key}=`),
  shell: ['bash', 'zsh', 'fish'],
  format: ['text', 'json'],
  kind: settings.receiver.type.name.split(' | '),
  command: commands.flatMap(({ name }) => (name.includes(' ') ? [] : [name])),
};

const REFS = "git for-each-ref --format='%(refname:short)' 2>/dev/null";

const all = [
  program,
  ...commands,
  { name: 'help', args: '[command]', summary: 'show the help of a command', examples: [] },
];

/** The scripts by the names of their files. */
export function completionScripts() {
  return {
    'completion/refpost.bash': bash(),
    'completion/refpost.zsh': zsh(),
    'completion/refpost.fish': fish(),
  };
}

function below(path) {
  return all.filter(({ name }) => name !== path && name.split(' ').slice(0, -1).join(' ') === path);
}

/** Its options, each with its flags (`-n`, `--dry-run`), the name of its value, if it takes one, and its help. */
function optionsOf(words) {
  const all = {
    ...words.options,
    ...(words.inRepository ? repositoryOptions : {}),
    ...(words === program ? { '-v, --version': 'print the version' } : {}),
    '-h, --help': 'show this help',
  };
  return Object.entries(all).map(([flags, help]) => ({
    flags: flags.match(/(?<=^|, )-[\w-]+/g) ?? [],
    value: placeholder(flags),
    help,
  }));
}

/** `--repo <dir>` → dir; `<old> <new>` → old, since all arguments of a command are of one kind. */
function placeholder(text) {
  return text?.match(/[<[]([^\]>.]+)/)?.[1];
}

function lastWord(path) {
  return path.split(' ').at(-1) ?? '';
}

function bash() {
  const paths = commands.map(({ name }) => {
    const parent = name.split(' ').slice(0, -1).join(' ');
    return `'${parent}:${lastWord(name)}'`;
  });
  const values = name => {
    const found = VALUES[name ?? ''];
    if (found === 'directories')
      return 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return';
    // Not by compgen -W, which expands: a ref may be called $(anything).
    if (found === 'refs')
      return `while read -r word; do [[ $word != "$cur"* ]] || COMPREPLY+=("$(printf %q "$word")"); done < <(${REFS}); return`;
    return `words='${found?.join(' ') ?? ''}'${name === 'key=value' ? '; compopt -o nospace' : ''}`;
  };
  const withValue = all.flatMap(optionsOf).filter(({ value }) => value !== undefined);
  const ofOptions = new Map(withValue.map(({ flags, value }) => [flags.join('|'), values(value)]));
  const cases = all.map(words => {
    const flags = optionsOf(words)
      .flatMap(option => option.flags)
      .join(' ');
    const names = below(words.name).map(({ name }) => lastWord(name));
    const plain = names.length > 0 ? `words='${names.join(' ')}'` : values(placeholder(words.args));
    return `    '${words.name}') case $cur in -*) words='${flags}' ;; *) ${plain} ;; esac ;;`;
  });
  return `# completion of refpost for bash: refpost completion bash
_refpost() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path= words= word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $path:$word in
    ${paths.join('|')}) path=\${path:+$path }$word ;;
    :help) path=help ;;
    esac
  done
  case $prev in
${[...ofOptions].map(([flags, code]) => `    ${flags}) ${code} ;;`).join('\n')}
    *) case $path in
${cases.join('\n')}
    esac ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _refpost refpost
`;
}

function zsh() {
  const quoted = text => `'${text.replaceAll("'", `'\\''`)}'`;
  const plain = text => text.replace(/[[\]:\\]/g, '\\$&');
  const action = name => {
    const found = VALUES[name];
    if (found === 'directories') return '_files -/';
    if (found === 'refs') return `{compadd -- $(${REFS.replaceAll(':', '\\:')})}`;
    return found ? `{compadd ${name === 'key=value' ? '-S "" ' : ''}-- ${found.join(' ')}}` : ' ';
  };
  const optionSpecs = ({ flags, value, help }) =>
    flags.map(flag => quoted(`*${flag}[${plain(help)}]${value ? `:${plain(value)}:${action(value)}` : ''}`));
  const nameOf = path => ['_refpost', ...path.split(' ')].filter(Boolean).join('_');
  const functions = all.map(words => {
    const specs = optionsOf(words).flatMap(optionSpecs);
    const names = below(words.name);
    const value = placeholder(words.args);
    if (names.length === 0) {
      const args = value === undefined ? [] : [quoted(`*:${value}:${action(value)}`)];
      return `${nameOf(words.name)}() {\n  _arguments ${[...specs, ...args].join(' ')}\n}`;
    }
    const described = names.map(({ name, summary }) => quoted(`${lastWord(name)}:${plain(summary)}`));
    return `${nameOf(words.name)}() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C ${specs.join(' ')} '1:command:->command' '*::argument:->argument' && return
  case $state in
    command) local -a names=(${described.join(' ')}); _describe command names ;;
    argument) (( $+functions[${nameOf(words.name)}_$words[1]] )) && ${nameOf(words.name)}_$words[1] ;;
  esac
}`;
  });
  return `#compdef refpost
# completion of refpost for zsh: refpost completion zsh
${functions.join('\n')}
if [ "$funcstack[1]" = _refpost ]; then _refpost "$@"; else compdef _refpost refpost; fi
`;
}

function fish() {
  const quoted = text => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const values = name => {
    const found = VALUES[name ?? ''];
    if (found === 'directories') return ` -a '(__fish_complete_directories)'`;
    if (found === 'refs') return ` -a ${quoted(`(${REFS})`)}`;
    return found ? ` -a '${found.join(' ')}'` : '';
  };
  const lines = all.flatMap(words => {
    const names = below(words.name).map(({ name }) => lastWord(name));
    const here = [
      ...words.name
        .split(' ')
        .filter(Boolean)
        .map(word => `__fish_seen_subcommand_from ${word}`),
      ...(names.length > 0 ? [`not __fish_seen_subcommand_from ${names.join(' ')}`] : []),
    ].join('; and ');
    const line = `complete -c refpost -n ${quoted(here)}`;
    return [
      ...below(words.name).map(({ name, summary }) => `${line} -a ${lastWord(name)} -d ${quoted(summary)}`),
      ...optionsOf(words).map(({ flags, value, help }) => {
        const names = flags.map(flag => flag.replace(/^--/, '-l ').replace(/^-(?=\w$)/, '-s '));
        return `${line} ${names.join(' ')}${value ? ` -x${values(value)}` : ''} -d ${quoted(help)}`;
      }),
      ...(placeholder(words.args) ? [`${line}${values(placeholder(words.args))}`] : []),
    ];
  });
  return `# completion of refpost for fish: refpost completion fish\ncomplete -c refpost -f\n${lines.join('\n')}\n`;
}
