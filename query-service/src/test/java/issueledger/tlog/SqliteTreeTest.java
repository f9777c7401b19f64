package issueledger.tlog;

import issueledger.projections.TestViews;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

class SqliteTreeTest extends TreeContract {
    @Override
    TestViews views(TlogProjection of, Path in) {
        try {
            return TestViews.sqlite(of, Files.createDirectories(in), Clock.systemUTC());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
