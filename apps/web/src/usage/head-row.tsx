import styles from './layout.module.css';

interface HeadRowProps {
  columns: readonly string[];
  /** Columns of numbers, after those. */
  amounts: readonly string[];
}

/** The head of a table of amounts. */
export function HeadRow({ columns, amounts }: HeadRowProps) {
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th key={column} scope="col">
            {column}
          </th>
        ))}
        {amounts.map((column) => (
          <th key={column} scope="col" className={styles.amount}>
            {column}
          </th>
        ))}
      </tr>
    </thead>
  );
}
