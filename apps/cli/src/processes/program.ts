/** A program that `sotto` runs beside itself. */
export interface Program {
  /** Heading of its log lines. */
  name: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Whether it does its work by now; asked again and again after each start. */
  isReady(): Promise<boolean>;
  /** What it may take to end in order before it is killed. */
  graceMs: number;
  /** Its lines are shown only when it has ended by itself. */
  isChatty?: boolean;
}
