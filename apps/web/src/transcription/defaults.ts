import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../api/client.ts';
import { useSession } from '../api/session.ts';
import { type Choice, choiceOf, fieldsOf, NO_CHOICE } from './choice.ts';

/** Of this browser, for whoever has no profile; and what was changed in this tab. */
const STORED_AS = 'sotto.transcribe';

/** What somebody wants of every recording: in their profile, or in this browser where they have none. null: not known yet. */
export function useDefaults(): Choice | null {
  const session = useSession();
  const hasProfile = session.data?.user != null;
  const profile = useQuery({
    queryKey: ['profile'],
    queryFn: ({ signal }) => client.profile.get({ signal }),
    enabled: hasProfile,
  });
  const own = useQuery({ queryKey: ['defaults'], queryFn: () => stored(localStorage, NO_CHOICE) });
  if (session.isPending || (hasProfile && profile.isPending)) return null;
  // A profile that cannot be read must not keep anybody from transcribing.
  if (hasProfile) return profile.data === undefined ? NO_CHOICE : choiceOf(profile.data.defaults);
  return own.data ?? null;
}

export function useSaveDefaults() {
  const queries = useQueryClient();
  const hasProfile = useSession().data?.user != null;
  return useMutation({
    mutationFn: async (choice: Choice) => {
      if (hasProfile) await client.profile.change({ defaults: fieldsOf(choice) });
      else localStorage.setItem(STORED_AS, JSON.stringify(choice));
    },
    onSuccess: () => {
      sessionStorage.removeItem(STORED_AS);
      return queries.invalidateQueries({ queryKey: [hasProfile ? 'profile' : 'defaults'] });
    },
  });
}

/** The defaults, with what is changed in this tab. */
export function useChoice(defaults: Choice): [Choice, (changes: Partial<Choice>) => void] {
  const [changed, setChanged] = useState(() => stored<Partial<Choice>>(sessionStorage, {}));
  const change = (changes: Partial<Choice>): void => {
    const all = { ...changed, ...changes };
    sessionStorage.setItem(STORED_AS, JSON.stringify(all));
    setChanged(all);
  };
  return [{ ...defaults, ...changed }, change];
}

function stored<T>(storage: Storage, otherwise: T): T {
  try {
    return { ...otherwise, ...JSON.parse(storage.getItem(STORED_AS) ?? '{}') };
  } catch {
    return otherwise;
  }
}
