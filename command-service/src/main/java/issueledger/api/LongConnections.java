package issueledger.api;

import java.time.Duration;
import org.apache.coyote.http11.Http11NioProtocol;

/** The connector's protocol, which can wait longer than usual for the client of one connection. */
public final class LongConnections extends Http11NioProtocol {
    /** For the reading and writing of a client that is at this address and port, until it is told otherwise. */
    void wait(String address, int port, Duration reading, Duration writing) {
        getEndpoint().getConnections().stream()
                .filter(c -> c.getRemotePort() == port && address.equals(c.getRemoteAddr()))
                .forEach(c -> {
                    c.setReadTimeout(reading.toMillis());
                    c.setWriteTimeout(writing.toMillis());
                });
    }
}
