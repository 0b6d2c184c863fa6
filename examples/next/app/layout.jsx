export const metadata = { title: 'Peekaboo with Next' };

// biome-ignore lint/style/noDefaultExport: Next requires it
export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
