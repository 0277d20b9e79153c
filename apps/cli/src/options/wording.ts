import { CASINGS, NUMBER_STYLES, type Replacement, wordingFields } from '@sotto/contracts';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** How the text is worded: the service's fields, under names that suit a command line. */
export function addWordingOptions(command: Command): Command {
  return command
    .optionsGroup('Wording (see docs/wording.md):')
    .option('--replace <rule>', "spelling rule, such as 'cube cuttle => kubectl'; can be repeated", addRule)
    .option('--no-disfluencies', 'leave out filler words such as "um"')
    .addOption(new Option('--numbers <style>', 'write numbers in digits or in words').choices([...NUMBER_STYLES]))
    .addOption(
      new Option('--profanity <choice>', 'mask: swear words keep only their first letter').choices(['keep', 'mask']),
    )
    .addOption(new Option('--casing <case>', 'write all in lower or upper case').choices([...CASINGS]))
    .optionsGroup('Options:');
}

function addRule(text: string, rules: readonly Replacement[] = []): Replacement[] {
  const parsed = wordingFields.replace.safeParse(text);
  if (!parsed.success)
    throw new InvalidArgumentError(parsed.error.issues.map(({ message }) => `It ${message}.`).join(' '));
  return [...rules, ...(parsed.data ?? [])];
}
