package issueledger.projections;

/** Where views are stored: a folder of SQLite files, or a MongoDB database. */
interface ViewStore extends AutoCloseable {

    /** @param views {@link Projection#storedAs()} */
    Feed feed(String views);

    /** The tokens of Axon's event processors. */
    ProcessorTokens processorTokens();

    @Override
    void close();
}
