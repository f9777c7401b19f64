package issueledger.issues;

/**
 * The same views where other processes write them too, listed out of the collection. mongo-java-server has no range index and looks at
 * every document; what it finds, and in which order, is what MongoDB finds.
 */
class SharedIssuesProjectionTest extends IssuesProjectionTest {
    @Override
    boolean isShared() {
        return true;
    }
}
