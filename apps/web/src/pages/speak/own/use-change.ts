import { useMutation, useQueryClient } from '@tanstack/react-query';

/** Lists voices again after whatever changes them. */
export function useChange(change: () => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: ['spoken-voices'] }),
  });
}
