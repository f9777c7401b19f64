package issueledger.api;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Lets single connections be slower than the connector's time-outs allow all others. */
@Component
class BulkConnections implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    private @Nullable LongConnections protocol;

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.setProtocol(LongConnections.class.getName());
        factory.addConnectorCustomizers(connector -> protocol = (LongConnections) connector.getProtocolHandler());
    }

    /** For the reading and the writing of this request's connection. */
    void awaitLonger(HttpServletRequest request, Duration reading, Duration writing) {
        if (protocol != null) {
            protocol.wait(request.getRemoteAddr(), request.getRemotePort(), reading, writing);
        }
    }

    void awaitAsUsual(HttpServletRequest request) {
        if (protocol != null) {
            Duration usual = Duration.ofMillis(protocol.getConnectionTimeout());
            protocol.wait(request.getRemoteAddr(), request.getRemotePort(), usual, usual);
        }
    }

    /** So that a client sees that its answer is not whole. */
    void cut(HttpServletRequest request) {
        if (protocol != null) {
            protocol.cut(request.getRemoteAddr(), request.getRemotePort());
        }
    }
}
