package issueledger.analytics;

import issueledger.http.Page;

/** The answer to a question: items, and figures that are of all of them. */
interface Answer<T> {
    /** A record: its components are the columns of the CSV. */
    Class<T> itemType();

    Listing<?, T> listing();

    /** The JSON answer with one page of the items. */
    Object json(Page<T> page);
}
