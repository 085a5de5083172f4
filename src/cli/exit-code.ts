/** What a command tells the shell. */
export const ExitCode = {
  done: 0,
  someFailed: 1,
  badInput: 2,
  interrupted: 130,
} as const;
