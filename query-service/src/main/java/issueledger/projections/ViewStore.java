package issueledger.projections;

/** Where views are stored: a folder of SQLite files, or a MongoDB database. */
public interface ViewStore extends AutoCloseable {

    /** @param views {@link Projection#storedAs()} */
    Feed feed(String views);

    @Override
    void close();
}
