package issueledger.api;

import java.time.Duration;
import java.util.stream.Stream;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** The connector's protocol, which can wait longer than usual for the client of one connection, or end it. */
public final class LongConnections extends Http11NioProtocol {
    /** For the reading and writing of a client that is at this address and port, until it is told otherwise. */
    void wait(String address, int port, Duration reading, Duration writing) {
        of(address, port).forEach(c -> {
            c.setReadTimeout(reading.toMillis());
            c.setWriteTimeout(writing.toMillis());
        });
    }

    /** Ends the connection of the client that is at this address and port where it stands. */
    void cut(String address, int port) {
        of(address, port).forEach(SocketWrapperBase::close);
    }

    private Stream<SocketWrapperBase<NioChannel>> of(String address, int port) {
        return getEndpoint().getConnections().stream()
                .filter(c -> c.getRemotePort() == port && address.equals(c.getRemoteAddr()));
    }
}
