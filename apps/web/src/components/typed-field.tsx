import { type InputHTMLAttributes, useEffect, useRef, useState } from 'react';
import { TextField } from './field.tsx';

/** How long somebody pauses who has typed what they want. */
const TYPING_MS = 250;

interface TypedFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange'> {
  label: string;
  value: string;
  /** Somebody has typed this, and pauses. */
  onTyped: (text: string) => void;
}

/** For what is asked of the service with each change. */
export function TypedField({ value, onTyped, ...rest }: TypedFieldProps) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setText(value);
  }, [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the clock
  useEffect(() => {
    if (text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      onTyped(text);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return <TextField {...rest} value={text} onChange={({ target }) => setText(target.value)} />;
}
