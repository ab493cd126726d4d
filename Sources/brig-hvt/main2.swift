@c(brig_hvt_main)
public func start(_ count: CInt, _ values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt { 0 }
