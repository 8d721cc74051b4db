export interface Substitution {
  readonly text: string;
  /** The variables that were inserted. */
  readonly names: readonly string[];
  readonly problems: readonly string[];
}

/**
 * Replaces `${NAME}` by the variable of that name; `$${` stands for a literal `${`. The value of a variable is not searched for further
 * names. A variable that is not set is a problem; an empty one is not.
 */
export function substituteEnv(text: string, env: Readonly<Record<string, string | undefined>>): Substitution {
  const names: string[] = [];
  const problems: string[] = [];
  const replaced = text.replace(
    /\$\$\{|\$\{([^}]*)(\}?)/g,
    (whole, name: string | undefined, end: string) => {
      if (name === undefined) return '${';
      if (end === '' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        problems.push(
          `expected \${NAME} with the name of an environment variable; write $\${ for a plain \${`,
        );
        return whole;
      }
      const value = Object.hasOwn(env, name) ? env[name] : undefined;
      if (value === undefined)
        problems.push(`the environment variable ${name} is not set; set it where this runs`);
      else names.push(name);
      return value ?? whole;
    },
  );
  return { text: replaced, names, problems };
}
