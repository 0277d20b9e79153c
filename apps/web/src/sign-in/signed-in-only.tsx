import { type ReactNode, useEffect } from 'react';
import { useLocation } from 'react-router';
import { useSession } from '../api/session.ts';
import { Failure } from '../components/failure.tsx';
import { chooseLanguage, isLanguage } from '../i18n/i18n.ts';
import { SignInView } from './sign-in-view.tsx';

/** Links that were shared are read without an account. */
const OPEN = /^\/shared\//;

/** What is inside, once it is known who is here; before, the way to sign in, at the address that was asked for. */
export function SignedInOnly({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const { data, error, refetch } = useSession();
  const language = data?.user?.language ?? null;
  useEffect(() => {
    if (language !== null && isLanguage(language)) void chooseLanguage(language);
  }, [language]);
  if (OPEN.test(pathname)) return children;
  if (data === undefined) return error === null ? null : <Failure error={error} onRetry={() => void refetch()} />;
  return data.signed_in ? children : <SignInView state={data} />;
}
