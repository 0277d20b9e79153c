import { useMutation, useQueryClient } from '@tanstack/react-query';

/** Does something to the service; then what it changes is asked for again. @param changes names of queries */
export function useAction<Input = void, Output = unknown>(
  act: (input: Input) => Promise<Output>,
  ...changes: readonly string[]
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => Promise.all(changes.map((name) => queries.invalidateQueries({ queryKey: ['operate', name] }))),
  });
}
