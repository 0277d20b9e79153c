import { useQuery } from '@tanstack/react-query';
import { client } from '../../../api/client.ts';

export function useKeys() {
  return useQuery({ queryKey: ['operate', 'keys'], queryFn: ({ signal }) => client.admin.keys({ signal }) });
}

/** What people call a key, by its id. Those of the environment have no other name. */
export function useKeyNames(): (keyId: string) => string {
  const { data = [] } = useKeys();
  const names = new Map(data.map(({ id, name }) => [id, name]));
  return (keyId) => names.get(keyId) ?? keyId;
}
