import styles from './markdown.module.css';

/** HTML that the server made from Markdown and sanitized; nothing else may come in here. */
export function MarkdownView({ html }: { html: string }) {
  return <div className={styles.prose} dangerouslySetInnerHTML={{ __html: html }} />;
}
